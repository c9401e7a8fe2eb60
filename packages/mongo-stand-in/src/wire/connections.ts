import type { Socket } from 'node:net'
import type { Client } from './connection.ts'

/** The open connections, for those who end them. */
export class Connections {
  readonly #sockets = new Map<number, Socket>()

  add(id: Client['id'], socket: Socket): void {
    this.#sockets.set(id, socket)
    socket.on('close', () => this.#sockets.delete(id))
  }

  /** Cuts all connections, or all but one client's, without an answer. */
  cutAll(except?: Client): void {
    for (const [id, socket] of this.#sockets) if (id !== except?.id) socket.destroy()
  }
}
