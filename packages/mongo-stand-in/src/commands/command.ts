import type { Document } from 'bson'
import type { CursorReply } from '../wire/reply-encoding.ts'
import type { CommandContext } from './context.ts'

export interface Command {
  readonly name: string
  /** Older spellings under which drivers send it. */
  readonly aliases?: readonly string[]
  /** May run inside of a multi-document transaction. */
  readonly inTransaction?: boolean
  run(context: CommandContext): Document | CursorReply | Promise<Document | CursorReply>
}
