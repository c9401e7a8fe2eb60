import { compiledTableOf } from './define-mapping.ts'
import { withoutDropped } from './drop-paths.ts'
import type { Document, Mapping } from './types.ts'

/** The document without what the mapping drops, inside of array elements too: what both stores must agree on. */
export function comparable(mapping: Mapping, document: Document): Document {
  return withoutDropped(compiledTableOf(mapping).root, document)
}
