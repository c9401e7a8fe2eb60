import type { Document } from 'bson'
import type { KeptDocument } from './kept-bytes.ts'

const LARGE_BYTES = 16 * 1024
/** Of BSON; decoded, it takes several times as much. */
const MOST_BYTES = 8 * 1024 * 1024

interface Decoded {
  readonly document: Document
  readonly bytes: number
}

/** The one that was used last stands at the end. */
const remembered = new Map<KeptDocument, Decoded>()
let rememberedBytes = 0

/**
 * Whether a document of so many bytes is worth remembering what it decodes to. It is where decoding takes longer than the
 * rest of a command, and such documents are written and read again and again.
 */
export function isLarge(bytes: number): boolean {
  return bytes >= LARGE_BYTES
}

/** What these bytes were decoded to before, if that is known still. */
export function recallDecoded(kept: KeptDocument): Document | undefined {
  const known = remembered.get(kept)
  if (known === undefined) return undefined
  remembered.delete(kept)
  remembered.set(kept, known)
  return known.document
}

/** Keeps what a large document decodes to, until others have been used since. Nobody may change it any more. */
export function rememberDecoded(kept: KeptDocument, document: Document, bytes: number): void {
  forget(kept)
  remembered.set(kept, { document, bytes })
  rememberedBytes += bytes
  for (const [oldest] of remembered) {
    if (rememberedBytes <= MOST_BYTES) return
    forget(oldest)
  }
}

function forget(kept: KeptDocument): void {
  const known = remembered.get(kept)
  if (known === undefined) return
  remembered.delete(kept)
  rememberedBytes -= known.bytes
}
