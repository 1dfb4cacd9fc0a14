import { isRecord, type JsonRecord, textOrNull } from '../../support/json';

/**
 * What San's PBX answers. Third-party clients find the members of an answer at its top, in `data`, in `msg` and in
 * `data.msg`, and errors in a 200.
 */
export class SanReply {
  private readonly records: readonly JsonRecord[];

  constructor(body: unknown) {
    const data = memberOf(body, 'data');
    const nested = [body, data, memberOf(body, 'msg'), memberOf(data, 'msg')];
    this.records = nested.filter(isRecord);
  }

  get token(): string | null {
    return this.text('Apitoken');
  }

  get callId(): string | null {
    return this.text('callid') ?? this.text('call_id');
  }

  /** Whether it says that it has not done what it was asked; other words for its status are unknown. */
  get isRefusal(): boolean {
    return /error|fail|false|invalid|denied|^0$|^[45]\d\d$/i.test(this.text('status') ?? '');
  }

  /** Its words, only ever to be searched. */
  get message(): string {
    const texts = ['msg', 'message', 'error'].map((member) => this.text(member));
    return texts.filter((text) => text !== null).join(' ');
  }

  private text(member: string): string | null {
    for (const record of this.records) {
      const value = record[member];
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      const text = textOrNull(record, member);
      if (text !== null) return text;
    }
    return null;
  }
}

function memberOf(value: unknown, member: string): unknown {
  return isRecord(value) ? value[member] : undefined;
}
