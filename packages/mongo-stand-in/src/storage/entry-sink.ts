import type { LogEntry } from './log-entry.ts'

/** Where entries go before anything of them is answered to a client. */
export interface EntrySink {
  append(entry: LogEntry): void
  /** Settles when every entry appended so far is kept. */
  kept(): Promise<void>
  close(): Promise<void>
}

/** How a sink tells how far it has come. */
export interface SinkProgress {
  /** A mark of how far has been appended, taken when a group is closed. */
  position(): number
  /** Called for each group once it is kept, with its mark. */
  onKept(mark: number): void
}

/** Keeps nothing: for servers whose data may end with their process. */
export function openMemorySink({ position, onKept }: SinkProgress): EntrySink {
  return {
    append: () => queueMicrotask(() => onKept(position())),
    kept: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}
