import { type Document, Int32, Long, ObjectId } from 'bson'
import type { ServerState } from '../server-state.ts'
import { toTimestamp } from '../storage/cluster-clock.ts'
import { SESSION_TIMEOUT_MINUTES } from '../transactions/session-registry.ts'
import { MAX_MESSAGE_BYTES } from '../wire/message-reader.ts'
import { MAX_DOCUMENT_BYTES } from '../writes/check-document.ts'
import type { Command } from './command.ts'
import { MAX_STATEMENTS } from './fields.ts'

/** MongoDB 8.0: the first with bulkWrite over several collections. */
export const MAX_WIRE_VERSION = 25

export const hello: Command = {
  name: 'hello',
  aliases: ['isMaster', 'ismaster'],
  run: ({ server, command, client }) => describeServer(server, client.id, command.hello === undefined),
}

/** What a driver learns on first contact: a primary, alone in its replica set. */
export function describeServer(server: ServerState, connectionId: number, oldName: boolean): Document {
  const ts = toTimestamp(server.store.now())
  const t = Long.fromNumber(server.term)
  const opTime = { ts, t }
  const majorityOpTime = { ts: toTimestamp(server.store.majority.time()), t }
  const now = new Date()
  return {
    helloOk: true,
    topologyVersion: { processId: server.processId, counter: Long.fromNumber(5 + server.term) },
    hosts: [server.address],
    setName: server.replicaSet,
    setVersion: new Int32(1),
    ...(oldName ? { ismaster: true } : { isWritablePrimary: true }),
    secondary: false,
    primary: server.address,
    me: server.address,
    electionId: electionId(server.term),
    lastWrite: { opTime, lastWriteDate: now, majorityOpTime, majorityWriteDate: now },
    maxBsonObjectSize: new Int32(MAX_DOCUMENT_BYTES),
    maxMessageSizeBytes: new Int32(MAX_MESSAGE_BYTES),
    maxWriteBatchSize: new Int32(MAX_STATEMENTS),
    localTime: now,
    logicalSessionTimeoutMinutes: new Int32(SESSION_TIMEOUT_MINUTES),
    connectionId: new Int32(connectionId),
    minWireVersion: new Int32(0),
    maxWireVersion: new Int32(MAX_WIRE_VERSION),
    readOnly: false,
  }
}

/** Drivers take the primary with the greatest one for the true primary. */
export function electionId(term: number): ObjectId {
  return new ObjectId(`7fffffff${term.toString(16).padStart(16, '0')}`)
}
