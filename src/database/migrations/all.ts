import { CreateAccount1764000000001 } from './1764000000001-create-account';
import { CreateApiToken1764000000002 } from './1764000000002-create-api-token';
import { CreateAgent1764000000003 } from './1764000000003-create-agent';
import { CreateProviderAccount1764000000004 } from './1764000000004-create-provider-account';
import { CreatePhoneNumber1764000000005 } from './1764000000005-create-phone-number';
import { CreateInboundRequest1764000000006 } from './1764000000006-create-inbound-request';
import { CreateProviderSync1764000000007 } from './1764000000007-create-provider-sync';
import { AddSeenSync1764000000008 } from './1764000000008-add-seen-sync';
import { CreateProviderResource1764000000009 } from './1764000000009-create-provider-resource';
import { CreateEvent1764000000010 } from './1764000000010-create-event';
import { AddRouteCheck1764000000011 } from './1764000000011-add-route-check';
import { CreatePhoneCall1764000000012 } from './1764000000012-create-phone-call';
import { CreateOutboxMessage1764000000013 } from './1764000000013-create-outbox-message';
import { CreateWebhookAttempt1764000000014 } from './1764000000014-create-webhook-attempt';
import { CreateWebhookLane1764000000015 } from './1764000000015-create-webhook-lane';
import { CreateAgentWebhook1764000000016 } from './1764000000016-create-agent-webhook';
import { AddInboundWebhookUrl1764000000017 } from './1764000000017-add-inbound-webhook-url';

/** Every migration, oldest first. MySQL commits DDL by itself, so each makes one change and may be run again. */
export const MIGRATIONS = [
  CreateAccount1764000000001,
  CreateApiToken1764000000002,
  CreateAgent1764000000003,
  CreateProviderAccount1764000000004,
  CreatePhoneNumber1764000000005,
  CreateInboundRequest1764000000006,
  CreateProviderSync1764000000007,
  AddSeenSync1764000000008,
  CreateProviderResource1764000000009,
  CreateEvent1764000000010,
  AddRouteCheck1764000000011,
  CreatePhoneCall1764000000012,
  CreateOutboxMessage1764000000013,
  CreateWebhookAttempt1764000000014,
  CreateWebhookLane1764000000015,
  CreateAgentWebhook1764000000016,
  AddInboundWebhookUrl1764000000017,
];
