import { QueryFlagField } from '../../http/validation/fields';

export class DeleteAgentQuery {
  @QueryFlagField({
    description: 'Detach its numbers first; without it an agent that has some is not deleted',
    optional: true,
  })
  detach?: boolean;
}
