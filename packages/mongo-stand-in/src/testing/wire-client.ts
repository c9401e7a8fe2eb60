import { connect } from 'node:net'
import { type Document, deserialize, serialize } from 'bson'
import { MessageReader } from '../wire/message-reader.ts'
import { OP_MSG } from '../wire/op-msg.ts'

export interface WireClient extends AsyncDisposable {
  /** Sends the command exactly as it is, and gives the reply as it comes. */
  command(command: Document): Promise<Document>
}

/** Speaks the protocol without a driver, which would put sessions and numbers of its own into every command. */
export async function connectWire(port: number): Promise<WireClient> {
  const socket = connect(port, '127.0.0.1')
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const reader = new MessageReader()
  const waiting: Array<(reply: Document) => void> = []
  socket.on('data', (chunk: Buffer) => {
    reader.push(chunk)
    for (let message = reader.next(); message !== undefined; message = reader.next()) {
      waiting.shift()?.(deserialize(message.subarray(21)))
    }
  })
  return {
    command: (command) => {
      const body = serialize(command)
      const header = Buffer.alloc(21)
      header.writeInt32LE(21 + body.length, 0)
      header.writeInt32LE(OP_MSG, 12)
      socket.write(Buffer.concat([header, body]))
      return new Promise((resolve) => waiting.push(resolve))
    },
    [Symbol.asyncDispose]: async () => {
      await new Promise<void>((resolve) => socket.end(() => resolve()))
    },
  }
}
