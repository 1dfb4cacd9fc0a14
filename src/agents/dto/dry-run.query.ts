import { QueryFlagField } from '../../http/validation/fields';

export class DryRunQuery {
  @QueryFlagField({
    description: 'Run every check and answer what would happen, changing nothing',
    optional: true,
  })
  dry_run?: boolean;
}
