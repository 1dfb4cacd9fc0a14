import { SetMetadata } from '@nestjs/common';

export const ANSWER_MESSAGE = 'patchbay:answer-message';

/**
 * Puts what the method returns (a plain object) into the envelope, with this message. Routes without it send what
 * they return as it is.
 */
export const Answer = (message: string) => SetMetadata(ANSWER_MESSAGE, message);
