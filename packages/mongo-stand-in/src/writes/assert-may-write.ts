import type { CommandContext } from '../commands/context.ts'
import { serverError } from '../server-error.ts'
import type { Collection } from '../storage/collection.ts'
import { assertNoView } from '../views/view-definition.ts'
import { isCapped } from './capped-collection.ts'

/** Refuses to write to a view, and in a transaction to a capped collection, where the order of commits must be that of inserts. */
export function assertMayWrite({ transaction }: CommandContext, entry: Collection | undefined): void {
  assertNoView(entry)
  if (entry === undefined || transaction === undefined || !isCapped(entry)) return
  throw serverError(
    263,
    'OperationNotSupportedInTransaction',
    `Collection '${entry.ns}' is a capped collection. Writes in transactions are not allowed on capped collections.`,
  )
}
