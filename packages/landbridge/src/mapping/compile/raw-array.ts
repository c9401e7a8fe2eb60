import { elementOid } from './cell-writer.ts'
import type { RawCellWriter } from './raw-field.ts'
import { memberStarts } from './raw-json.ts'

/** An array of scalars into an array column; false for null among its elements. */
export function arrayWriter(sqlType: string, element: RawCellWriter): RawCellWriter {
  const oid = elementOid(sqlType)
  return (out, src, _type, at) => {
    const starts = memberStarts(src, at)
    if (starts === undefined) return false
    const from = out.openLength()
    out.int32(starts.length === 0 ? 0 : 1)
    out.int32(0)
    out.int32(oid)
    if (starts.length > 0) {
      out.int32(starts.length)
      out.int32(1)
    }
    for (const start of starts) {
      if (!element(out, src, src[start] as number, src.indexOf(0, start + 1) + 1)) return false
    }
    out.closeLength(from)
    return true
  }
}
