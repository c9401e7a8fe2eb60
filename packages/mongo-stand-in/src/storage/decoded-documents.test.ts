import { describe, expect, it } from 'vitest'
import { encodeDocument } from '../bson/decode.ts'
import { isLarge, recallDecoded, rememberDecoded } from './decoded-documents.ts'
import { decodeKept, keepDocument } from './kept-bytes.ts'

const MEGABYTE = 1024 * 1024
const some = () => keepDocument(encodeDocument({ _id: 1 }))

describe('decoded documents', () => {
  it('are remembered if they are large', () => {
    const large = keepDocument(encodeDocument({ _id: 1, text: 'x'.repeat(20_000) }))
    const small = keepDocument(encodeDocument({ _id: 1, text: 'x' }))
    expect(decodeKept(large)).toBe(decodeKept(large))
    expect(decodeKept(small)).not.toBe(decodeKept(small))
    expect(isLarge(20_000)).toBe(true)
    expect(isLarge(1_000)).toBe(false)
  })

  it('are forgotten once too many others were used since', () => {
    const [used, unused] = [some(), some()]
    const document = { _id: 1 }
    rememberDecoded(used, document, MEGABYTE)
    rememberDecoded(unused, document, MEGABYTE)
    for (let count = 0; count < 20; count++) {
      rememberDecoded(some(), {}, MEGABYTE)
      expect(recallDecoded(used)).toBe(document)
    }
    expect(recallDecoded(unused)).toBeUndefined()
  })

  it('are not remembered beyond the bound, not even one alone', () => {
    const kept = some()
    rememberDecoded(kept, {}, 16 * MEGABYTE)
    expect(recallDecoded(kept)).toBeUndefined()
  })
})
