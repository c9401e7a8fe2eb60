import { type Document, Int32 } from 'bson'
import { isIndex } from '../bson/path.ts'
import { isDocument } from '../bson/value-type.ts'

/**
 * The `disambiguatedPaths` of a change event: for each path that a reader could take in two ways (a field with a number or
 * a dot in its name), its parts, field names as texts and array positions as ints.
 *
 * @param document the document that holds the paths: the new one for updated fields, the old one for removed fields.
 */
export function disambiguatedPaths(document: Document, paths: readonly string[]): Document {
  return Object.fromEntries(
    paths.flatMap((path) => {
      const parts = partsOf(document, path)
      return parts.some(isAmbiguous) ? [[path, parts]] : []
    }),
  )
}

function partsOf(document: Document, path: string): (string | Int32)[] {
  // Below the top level no path is told through a name with a dot.
  if (Object.hasOwn(document, path)) return [path]
  let value: unknown = document
  return path.split('.').map((segment) => {
    if (Array.isArray(value)) {
      value = value[Number(segment)]
      return new Int32(Number(segment))
    }
    value = isDocument(value) ? value[segment] : undefined
    return segment
  })
}

function isAmbiguous(part: string | Int32): boolean {
  return typeof part === 'string' && (isIndex(part) || part.includes('.'))
}
