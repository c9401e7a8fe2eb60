import { Int32 } from 'bson'
import { decodeDocument, encodeDocument } from '../bson/decode.ts'
import { assertMayWrite } from '../writes/assert-may-write.ts'
import { insertDocument } from '../writes/insert-document.ts'
import { runStatements } from '../writes/run-statements.ts'
import { writeStatement } from '../writes/write-statement.ts'
import type { Command } from './command.ts'
import { targetNamespace, useOrCreateEntry } from './context.ts'
import { assertStatementCount, booleanField, documentListField } from './fields.ts'
import { writeReply } from './write-reply.ts'

const INSERTED = { n: new Int32(1) }

export const insert: Command = {
  name: 'insert',
  fields: ['documents', 'ordered', 'bypassDocumentValidation'],
  inTransaction: true,
  async run(context) {
    const { command, rawDocuments } = context
    // Without bytes there is no list of documents either, and this says so.
    const documents = rawDocuments ?? documentListField(command, 'documents').map(encodeDocument)
    assertStatementCount(documents)
    const options = { bypassValidation: booleanField(command, 'bypassDocumentValidation') === true }
    const ordered = booleanField(command, 'ordered') !== false
    const collection = await useOrCreateEntry(context, targetNamespace(context))
    const { results, writeErrors } = await runStatements(context, documents, ordered, (raw, at) => {
      const document = decodeDocument(raw)
      return writeStatement(context, at, (unit) => {
        assertMayWrite(context, collection)
        insertDocument(unit, collection, document, raw, options)
        return INSERTED
      })
    })
    return writeReply(context, { n: new Int32(results.filter(Boolean).length) }, writeErrors)
  },
}
