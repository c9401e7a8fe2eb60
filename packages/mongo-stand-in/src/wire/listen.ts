import { createServer } from 'node:net'
import type { ServerState } from '../server-state.ts'
import { serveConnection } from './connection.ts'

/** Another process listens on the port. */
export class PortInUseError extends Error {
  override readonly name = 'PortInUseError'
  readonly code = 'STAND_IN_PORT_IN_USE'
}

export interface Listener {
  readonly port: number
  close(): Promise<void>
}

/** Listens on the loopback interface only: nothing here asks who is calling. */
export async function listen(server: ServerState, port: number): Promise<Listener> {
  let lastConnection = 0
  const listener = createServer((socket) => {
    const id = ++lastConnection
    server.connections.add(id, socket)
    serveConnection(server, socket, id)
  })
  await new Promise<void>((resolve, reject) => {
    listener.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        error.code === 'EADDRINUSE'
          ? new PortInUseError(
              `Port ${port} is in use. Stop what listens there, or give another --port (0 picks a free one).`,
            )
          : error,
      )
    })
    listener.listen(port, '127.0.0.1', resolve)
  })
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a port')
  return {
    port: address.port,
    close: () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()))
      server.connections.cutAll()
      return closed
    },
  }
}
