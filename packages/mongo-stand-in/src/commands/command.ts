import type { Document } from 'bson'
import type { CursorReply } from '../wire/reply-encoding.ts'
import type { CommandContext } from './context.ts'

export interface Command {
  readonly name: string
  /** Older spellings under which drivers send it. */
  readonly aliases?: readonly string[]
  /**
   * The arguments that it takes beside the generic ones; any other is refused. Undefined for a command that, on a mongod
   * too, looks at what it knows only, or that checks its arguments itself.
   */
  readonly fields?: readonly string[]
  /** Runs against the database `admin` only. */
  readonly adminOnly?: boolean
  /** May run inside of a multi-document transaction. */
  readonly inTransaction?: boolean
  run(context: CommandContext): Document | CursorReply | Promise<Document | CursorReply>
}
