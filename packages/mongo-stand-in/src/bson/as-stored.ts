import { type Document, EJSON } from 'bson'
import { decodeDocument, encodeDocument } from './decode.ts'

/** For tests: a document as it comes back from storage, so that `1` is an Int32 and `1.5` a Double. */
export function asStored(document: Document): Document {
  return decodeDocument(encodeDocument(document))
}

/** For tests: a text that shows every type and the order of fields, for expectations with a readable difference. */
export function exactly(document: Document): string {
  return EJSON.stringify(asStored(document), { relaxed: false })
}
