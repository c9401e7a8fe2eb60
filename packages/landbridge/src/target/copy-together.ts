import type { Connection, PoolClient, Submittable } from 'pg'
import { identifierList, tableName } from './identifier.ts'

export interface CopiedTable {
  table: { name: string; schema?: string }
  columns: readonly string[]
  /** COPY BINARY, header and trailer included. */
  payload: Uint8Array
}

/**
 * Statements and COPYs in one message, so that a chunk of many tables waits for the server once and not once for each
 * of them. Answers how many rows each COPY has taken. A refused statement fails all of them, and the transaction; the
 * connection stays usable. The statements take no parameters: whoever makes them puts names and checked ids in.
 */
export async function copyTogether(
  tx: PoolClient,
  before: readonly string[],
  copies: readonly CopiedTable[],
  after: readonly string[],
): Promise<number[]> {
  const statements = [
    ...before,
    ...copies.map(
      ({ table, columns }) =>
        `copy ${tableName(table)} (${identifierList(columns)}) from stdin with (format binary)`,
    ),
    ...after,
  ]
  if (statements.length === 0) return []
  const copying = new Copying(
    statements.join(';\n'),
    copies.map(({ payload }) => payload),
  )
  tx.query(copying)
  return copying.rows
}

/** What node-postgres calls of a query of its own kind, beside its types. */
interface CopyConnection extends Connection {
  query(text: string): void
  sendCopyFromChunk(chunk: Uint8Array): void
  endCopyFrom(): void
}

class Copying implements Submittable {
  readonly rows: Promise<number[]>
  private readonly text: string
  private readonly waiting: Uint8Array[]
  private readonly counts: number[] = []
  private resolve: (rows: number[]) => void = () => undefined
  private reject: (error: Error) => void = () => undefined

  constructor(text: string, payloads: Uint8Array[]) {
    this.text = text
    this.waiting = payloads
    this.rows = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  submit(connection: Connection): void {
    ;(connection as CopyConnection).query(this.text)
  }

  /** The server asks for the data of one COPY after the other. */
  handleCopyInResponse(connection: CopyConnection): void {
    const payload = this.waiting.shift()
    if (payload !== undefined) connection.sendCopyFromChunk(payload)
    connection.endCopyFrom()
  }

  handleCommandComplete({ text }: { text: string }): void {
    const rows = /^COPY (\d+)$/.exec(text)?.[1]
    if (rows !== undefined) this.counts.push(Number(rows))
  }

  handleError(error: Error): void {
    this.reject(error)
  }

  handleReadyForQuery(): void {
    this.resolve(this.counts)
  }

  handleRowDescription(): void {}
  handleDataRow(): void {}
  handleEmptyQuery(): void {}
  handlePortalSuspended(): void {}
}
