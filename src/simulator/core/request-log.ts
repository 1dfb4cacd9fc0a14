export interface LoggedRequest {
  method: string;
  /** Path with its query. */
  path: string;
  /** `null` while there is no answer, and for ever when the request was left hanging. */
  status: number | null;
  /** Arrival, Unix milliseconds. */
  at: number;
  /** Why the answer was not the vendor's ordinary one. */
  fault?: string;
}

export interface RequestLogView {
  total: number;
  by_method: Record<string, number>;
  by_status: Record<string, number>;
  /** The newest requests, oldest first. */
  entries: LoggedRequest[];
}

const KEPT_ENTRIES = 1000;

/** The requests one vendor received. Counts cover everything since the last clearing; entries are bounded. */
export class RequestLog {
  private view: RequestLogView = emptyView();

  constructor(private readonly kept = KEPT_ENTRIES) {}

  /** Records an arrival; the returned function records its answer. */
  begin(method: string, path: string, at: number): (status: number | null, fault?: string) => void {
    // An answer that comes after a clearing belongs to the counts it arrived under.
    const { view } = this;
    const entry: LoggedRequest = { method, path, status: null, at };
    view.total += 1;
    view.by_method[method] = (view.by_method[method] ?? 0) + 1;
    view.entries.push(entry);
    if (view.entries.length > this.kept) view.entries.shift();
    return (status, fault) => {
      entry.status = status;
      if (fault !== undefined) entry.fault = fault;
      if (status !== null) view.by_status[status] = (view.by_status[status] ?? 0) + 1;
    };
  }

  read(): RequestLogView {
    return structuredClone(this.view);
  }

  clear(): void {
    this.view = emptyView();
  }
}

function emptyView(): RequestLogView {
  return { total: 0, by_method: {}, by_status: {}, entries: [] };
}
