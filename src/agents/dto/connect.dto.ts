import { EnumField, TextField } from '../../http/validation/fields';
import { CONNECT_TYPES, type AgentConnect } from '../agent';
import { MAX_URL_LENGTH } from '../limits';

/** Where calls are streamed or sent. */
export class ConnectDto {
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
}
