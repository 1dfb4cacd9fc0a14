import { SetMetadata } from '@nestjs/common';

export const OPTIONAL_BODY = 'patchbay:optional-body';

/** A request without a body is one with an empty object. */
export const OptionalBody = () => SetMetadata(OPTIONAL_BODY, true);
