import { abortTransaction } from './abort-transaction.ts'
import { aggregate } from './aggregate.ts'
import { buildInfo } from './build-info.ts'
import { bulkWrite } from './bulk-write.ts'
import { collMod } from './coll-mod.ts'
import { collStats } from './coll-stats.ts'
import type { Command } from './command.ts'
import { commitTransaction } from './commit-transaction.ts'
import { configureFailPoint } from './configure-fail-point.ts'
import { connectionStatus } from './connection-status.ts'
import { count } from './count.ts'
import { create } from './create.ts'
import { createIndexes } from './create-indexes.ts'
import { dbStats } from './db-stats.ts'
import { deleteCommand } from './delete.ts'
import { distinct } from './distinct.ts'
import { drop } from './drop.ts'
import { dropDatabase } from './drop-database.ts'
import { dropIndexes } from './drop-indexes.ts'
import { explain } from './explain.ts'
import { find } from './find.ts'
import { findAndModify } from './find-and-modify.ts'
import { getDefaultRWConcern } from './get-default-rw-concern.ts'
import { getLog } from './get-log.ts'
import { getMore } from './get-more.ts'
import { getParameter } from './get-parameter.ts'
import { hello } from './hello.ts'
import { hostInfo } from './host-info.ts'
import { insert } from './insert.ts'
import { killCursors } from './kill-cursors.ts'
import { killOp } from './kill-op.ts'
import { listCollections } from './list-collections.ts'
import { listDatabases } from './list-databases.ts'
import { listIndexes } from './list-indexes.ts'
import { ping } from './ping.ts'
import { renameCollection } from './rename-collection.ts'
import { replSetGetConfig } from './repl-set-get-config.ts'
import { replSetGetStatus } from './repl-set-get-status.ts'
import { serverStatus } from './server-status.ts'
import {
  endSessions,
  killAllSessions,
  killAllSessionsByPattern,
  killSessions,
  refreshSessions,
  startSession,
} from './sessions.ts'
import { setParameter } from './set-parameter.ts'
import { standInFailover } from './stand-in-failover.ts'
import { standInMajorityLag } from './stand-in-majority-lag.ts'
import { testVersion2 } from './test-version-2.ts'
import { update } from './update.ts'

const COMMANDS: readonly Command[] = [
  abortTransaction,
  aggregate,
  buildInfo,
  bulkWrite,
  collMod,
  collStats,
  commitTransaction,
  configureFailPoint,
  connectionStatus,
  count,
  create,
  createIndexes,
  dbStats,
  deleteCommand,
  distinct,
  drop,
  dropDatabase,
  dropIndexes,
  endSessions,
  explain,
  find,
  findAndModify,
  getDefaultRWConcern,
  getLog,
  getMore,
  getParameter,
  hello,
  hostInfo,
  insert,
  killAllSessions,
  killAllSessionsByPattern,
  killCursors,
  killOp,
  killSessions,
  listCollections,
  listDatabases,
  listIndexes,
  ping,
  refreshSessions,
  renameCollection,
  replSetGetConfig,
  replSetGetStatus,
  serverStatus,
  setParameter,
  standInFailover,
  standInMajorityLag,
  startSession,
  testVersion2,
  update,
]

const BY_NAME: ReadonlyMap<string, Command> = new Map(
  COMMANDS.flatMap((command) =>
    [command.name, ...(command.aliases ?? [])].map((name) => [name, command] as const),
  ),
)

/** The command of that name; undefined for what the stand-in does not have. */
export function findCommand(name: string): Command | undefined {
  return BY_NAME.get(name)
}
