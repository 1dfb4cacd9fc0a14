import { CreateAccount1764000000001 } from './1764000000001-create-account';
import { CreateApiToken1764000000002 } from './1764000000002-create-api-token';
import { CreateAgent1764000000003 } from './1764000000003-create-agent';
import { CreateProviderAccount1764000000004 } from './1764000000004-create-provider-account';
import { CreatePhoneNumber1764000000005 } from './1764000000005-create-phone-number';
import { CreateInboundRequest1764000000006 } from './1764000000006-create-inbound-request';

/** Every migration, oldest first. MySQL commits DDL by itself, so each makes one change and may be run again. */
export const MIGRATIONS = [
  CreateAccount1764000000001,
  CreateApiToken1764000000002,
  CreateAgent1764000000003,
  CreateProviderAccount1764000000004,
  CreatePhoneNumber1764000000005,
  CreateInboundRequest1764000000006,
];
