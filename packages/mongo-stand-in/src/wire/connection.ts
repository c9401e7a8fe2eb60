import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Document } from 'bson'
import { numberField } from '../commands/fields.ts'
import { describeServer } from '../commands/hello.ts'
import { answerCommand, completeReply } from '../dispatch/answer-message.ts'
import type { ServerState } from '../server-state.ts'
import { MessageReader } from './message-reader.ts'
import { decodeRequest, encodeReplyHeader, OP_MSG, type Request } from './op-msg.ts'
import { decodeQuery, encodeQueryReply, OP_QUERY } from './op-query.ts'
import { encodeReply } from './reply-encoding.ts'

/** Who is at the other end of a connection. */
export interface Client {
  readonly id: number
  appName: string | undefined
  /** Calls back when the connection closes; returns a function that takes the wish back. */
  onClose(callback: () => void): () => void
}

let lastRequestId = 0

/** Serves one connection: its messages are answered one after another. */
export function serveConnection(server: ServerState, socket: Socket, id: number): void {
  const onClose = new Set<() => void>()
  const client: Client = {
    id,
    appName: undefined,
    onClose: (callback) => {
      onClose.add(callback)
      return () => onClose.delete(callback)
    },
  }
  const reader = new MessageReader()
  let turn: Promise<void> = Promise.resolve()
  socket.setNoDelay(true)
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    for (const callback of onClose) callback()
  })
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk)
    turn = turn.then(() => answerAll()).catch(() => void socket.destroy())
  })

  async function answerAll(): Promise<void> {
    for (let message = reader.next(); message !== undefined; message = reader.next()) {
      if (socket.destroyed) return
      await answer(message)
    }
  }

  async function answer(message: Buffer): Promise<void> {
    const requestId = message.readInt32LE(4)
    const opcode = message.readInt32LE(12)
    if (opcode === OP_QUERY) answerQuery(message, requestId)
    else if (opcode === OP_MSG) await answerMessage(decodeRequest(message), requestId)
    else socket.destroy()
  }

  function answerQuery(message: Buffer, requestId: number): void {
    const command = decodeQuery(message)
    rememberClient(command)
    const reply = completeReply(server, describeServer(server, id, command.hello === undefined))
    socket.write(encodeQueryReply(++lastRequestId, requestId, reply))
  }

  async function answerMessage(request: Request, requestId: number): Promise<void> {
    const { command, rawDocuments } = request
    rememberClient(command)
    const awaitMs = isAwaitedHello(command) ? numberField(command, 'maxAwaitTimeMS') : undefined
    if (awaitMs !== undefined && request.exhaustAllowed) {
      streamHello(command, requestId, awaitMs)
      return
    }
    // Nothing about the topology changes: a client that waits for a change waits its whole time.
    if (awaitMs !== undefined) await sleep(awaitMs)
    const answer = await answerCommand(server, { command, rawDocuments, client })
    if (answer === 'cut') socket.destroy()
    else if (!request.moreToCome) send(requestId, answer.bytes)
  }

  /** The state of the topology never changes here: each beat says so again, and the last one announced that one follows. */
  function streamHello(command: Document, requestId: number, everyMs: number): void {
    let inReplyTo = requestId
    const beat = setInterval(() => {
      const reply = describeServer(server, id, command.hello === undefined)
      inReplyTo = send(inReplyTo, encodeReply(completeReply(server, reply), {}), true)
    }, everyMs)
    onClose.add(() => clearInterval(beat))
  }

  function send(responseTo: number, parts: Uint8Array[], moreToCome = false): number {
    const requestId = ++lastRequestId
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    socket.write(Buffer.concat([encodeReplyHeader(requestId, responseTo, size, moreToCome), ...parts]))
    return requestId
  }

  function rememberClient(command: Document): void {
    const name: unknown = command.client?.application?.name
    if (typeof name === 'string') client.appName = name
  }
}

function isAwaitedHello(command: Document): boolean {
  const name = Object.keys(command)[0]?.toLowerCase()
  return (name === 'hello' || name === 'ismaster') && command.topologyVersion !== undefined
}
