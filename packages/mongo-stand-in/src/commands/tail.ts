import { encodeDocument } from '../bson/decode.ts'
import { TailableSource } from '../cursors/tailable-source.ts'
import { compileQuery } from '../query/compile-query.ts'
import { compileProjection } from '../query/project.ts'
import { badValue } from '../server-error.ts'
import { bytesOf, decodeKept } from '../storage/kept-bytes.ts'
import type { CursorReply } from '../wire/reply-encoding.ts'
import { isCapped } from '../writes/capped-collection.ts'
import type { CommandContext } from './context.ts'
import { booleanField, documentField, numberField } from './fields.ts'
import { cursorReply } from './first-batch.ts'
import { refuseFields } from './read-request.ts'
import { type ReadSource, readCollation } from './read-source.ts'
import { letVariables } from './variables.ts'

/** A find with `tailable`: its cursor stays open at the end of a capped collection. */
export function tail(context: CommandContext, source: ReadSource): Promise<CursorReply> {
  const { command, server } = context
  const { collection, ns } = source
  const sort = documentField(command, 'sort')
  if (sort !== undefined && Object.keys(sort).length > 0 && Number(sort.$natural) !== 1)
    throw badValue('cannot use tailable option with a sort other than {$natural: 1}')
  if (booleanField(command, 'singleBatch') === true)
    throw badValue('cannot use tailable option with single batch')
  if (context.transaction !== undefined) throw badValue('cannot use tailable option in a transaction')
  refuseFields(command, ['skip', 'limit', 'hint'])
  if (collection === undefined || !isCapped(collection))
    throw badValue(`error processing query: ns=${ns}: tailable cursor requested on non capped collection`)
  const collation = readCollation(command, source)
  const variables = letVariables(command)
  const query = compileQuery(documentField(command, 'filter') ?? {}, { collation, let: variables })
  const projection = documentField(command, 'projection') ?? {}
  const project =
    Object.keys(projection).length === 0
      ? undefined
      : compileProjection(projection, { collation, let: variables, query })
  const tailable = new TailableSource(collection, server.store.oplog, {
    awaitsData: booleanField(command, 'awaitData') === true,
    read: (kept) => {
      const document = decodeKept(kept)
      if (!query.test(document)) return undefined
      return project === undefined ? bytesOf(kept) : encodeDocument(project(document))
    },
  })
  return cursorReply(context, tailable, { ns, batchSize: numberField(command, 'batchSize') })
}
