import { ObjectId } from 'bson'
import { CursorRegistry } from './cursors/cursor-registry.ts'
import { FailPoints } from './fail-points.ts'
import { OperationRegistry } from './operations.ts'
import { openStore, type Store, type StoreOptions } from './storage/store.ts'
import { NamespaceLocks } from './transactions/namespace-locks.ts'
import { SessionRegistry } from './transactions/session-registry.ts'
import { Connections } from './wire/connections.ts'

/** Everything that the commands of one server share. */
export interface ServerState {
  readonly store: Store
  readonly sessions: SessionRegistry
  readonly locks: NamespaceLocks
  readonly cursors: CursorRegistry
  readonly operations: OperationRegistry
  readonly failPoints: FailPoints
  readonly connections: Connections
  readonly replicaSet: string
  readonly processId: ObjectId
  readonly startedAt: Date
  /** `host:port` under which the server is reached; known once it listens. */
  address: string
  /** Grows with every election: a failover is one. */
  term: number
}

export function openServerState(options: StoreOptions & { replicaSet: string }): ServerState {
  const sessions = new SessionRegistry()
  return {
    store: openStore(options, sessions),
    sessions,
    locks: new NamespaceLocks(),
    cursors: new CursorRegistry(),
    operations: new OperationRegistry(),
    failPoints: new FailPoints(),
    connections: new Connections(),
    replicaSet: options.replicaSet,
    processId: new ObjectId(),
    startedAt: new Date(),
    address: '',
    term: 1,
  }
}
