import pg, { type QueryResult } from 'pg'
import type { Engine } from '../engine.ts'

/** The channels on which the engine notifies: a changed unit row, and a coordinator's ping. */
export const unitChannel = 'landbridge_unit'
export const pingChannel = 'landbridge_ping'

export interface NodeConnection {
  /** Runs a statement; rejects when the server has not answered within the deadline. */
  query(text: string, values?: unknown[]): Promise<QueryResult>
  close(): Promise<void>
}

export interface NodeConnectionOptions {
  deadlineMs: number
  onNotification(channel: string, payload: string): void
}

/**
 * A connection of a node's own, for listening, heartbeats and reading the unit rows. It is not one of the pool's: a
 * pool whose connections all wait for a frozen server must not keep a node from noticing just that. A lost or silent
 * connection is replaced at the next query.
 */
export function openNodeConnection(engine: Engine, options: NodeConnectionOptions): NodeConnection {
  let current: pg.Client | undefined
  let opening: Promise<pg.Client> | undefined

  async function open(): Promise<pg.Client> {
    const client = new pg.Client({
      ...engine.pool.options,
      connectionTimeoutMillis: options.deadlineMs,
      query_timeout: options.deadlineMs,
      application_name: `landbridge node ${engine.node.name}`,
    })
    client.on('error', () => drop(client))
    client.on('end', () => drop(client))
    client.on('notification', (message) => options.onNotification(message.channel, message.payload ?? ''))
    try {
      await client.connect()
      await client.query(`listen ${unitChannel}`)
      await client.query(`listen ${pingChannel}`)
    } catch (error) {
      drop(client)
      throw error
    }
    current = client
    return client
  }

  function drop(client: pg.Client): void {
    if (current === client) current = undefined
    client.removeAllListeners('notification')
    // Ending a connection whose server is away only closes the socket; there is nobody to tell.
    client.end().catch(() => undefined)
  }

  function connected(): Promise<pg.Client> {
    if (current !== undefined) return Promise.resolve(current)
    opening ??= open().finally(() => {
      opening = undefined
    })
    return opening
  }

  return {
    async query(text, values) {
      const client = await connected()
      try {
        return await client.query(text, values)
      } catch (error) {
        if (!isAnswer(error)) drop(client)
        throw error
      }
    },
    async close() {
      const client = current
      current = undefined
      await client?.end()
    },
  }
}

/** The server answered with an error, so the connection is fine. */
function isAnswer(error: unknown): boolean {
  return error instanceof pg.DatabaseError
}
