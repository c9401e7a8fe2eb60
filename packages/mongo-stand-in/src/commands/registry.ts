import { abortTransaction } from './abort-transaction.ts'
import { aggregate } from './aggregate.ts'
import { bulkWrite } from './bulk-write.ts'
import { collMod } from './coll-mod.ts'
import type { Command } from './command.ts'
import { commitTransaction } from './commit-transaction.ts'
import { count } from './count.ts'
import { create } from './create.ts'
import { createIndexes } from './create-indexes.ts'
import { deleteCommand } from './delete.ts'
import * as diagnostics from './diagnostics.ts'
import { distinct } from './distinct.ts'
import { drop } from './drop.ts'
import { dropDatabase } from './drop-database.ts'
import { dropIndexes } from './drop-indexes.ts'
import { explain } from './explain.ts'
import { find } from './find.ts'
import { findAndModify } from './find-and-modify.ts'
import { getMore } from './get-more.ts'
import { hello } from './hello.ts'
import { insert } from './insert.ts'
import { killCursors } from './kill-cursors.ts'
import { listCollections } from './list-collections.ts'
import { listDatabases } from './list-databases.ts'
import { listIndexes } from './list-indexes.ts'
import { renameCollection } from './rename-collection.ts'
import { endSessions, killAllSessions, killSessions, refreshSessions, startSession } from './sessions.ts'
import { update } from './update.ts'

const COMMANDS: readonly Command[] = [
  abortTransaction,
  aggregate,
  diagnostics.buildInfo,
  bulkWrite,
  collMod,
  diagnostics.collStats,
  commitTransaction,
  diagnostics.configureFailPoint,
  diagnostics.connectionStatus,
  count,
  create,
  createIndexes,
  diagnostics.dbStats,
  deleteCommand,
  distinct,
  drop,
  dropDatabase,
  dropIndexes,
  endSessions,
  explain,
  find,
  findAndModify,
  diagnostics.getDefaultRWConcern,
  diagnostics.getLog,
  getMore,
  diagnostics.getParameter,
  hello,
  diagnostics.hostInfo,
  insert,
  killAllSessions,
  killCursors,
  diagnostics.killOp,
  killSessions,
  listCollections,
  listDatabases,
  listIndexes,
  diagnostics.ping,
  refreshSessions,
  renameCollection,
  diagnostics.replSetGetConfig,
  diagnostics.replSetGetStatus,
  diagnostics.serverStatus,
  startSession,
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
