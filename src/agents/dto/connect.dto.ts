import type { CrossChecked } from '../../http/validation/cross-checked';
import type { Faults } from '../../http/validation/faults';
import { EnumField, TextField } from '../../http/validation/fields';
import { CONNECT_TYPES, type AgentConnect } from '../agent';
import { checkConnect } from '../agent-rules';
import { MAX_URL_LENGTH } from '../limits';

/** Where calls are streamed or sent. */
export class ConnectDto implements CrossChecked {
  @EnumField(CONNECT_TYPES, {
    description: '`websocket`: the audio is streamed to a WebSocket; `sip`: the call is sent to a SIP URI',
    example: 'websocket',
  })
  type!: AgentConnect['type'];

  @TextField({
    description: 'For `websocket` a `wss://` URL, for `sip` a `sip:` or `sips:` URI',
    example: 'wss://media.example.com/agent',
    min: 1,
    max: MAX_URL_LENGTH,
  })
  url!: string;

  /** Whether `ws:` will do is the configuration's to say, later. */
  crossCheck(prefix: string, faults: Faults): void {
    if (this.url === undefined || faults.isMalformed(`${prefix}type`) || faults.isMalformed(`${prefix}url`)) return;
    checkConnect(this, { allowPrivateUrls: true }, faults);
  }
}
