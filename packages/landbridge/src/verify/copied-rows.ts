/** Signature, no flags, no extension: what stands before the first row of a COPY BINARY payload. */
const HEADER_BYTES = 19

/** Walks the rows of one COPY BINARY payload; a cursor and no objects, because there is one for every row. */
export class CopiedRows {
  readonly bytes: Buffer
  /** Where the present row begins and ends; its field count is part of it. */
  from = HEADER_BYTES
  to = HEADER_BYTES
  /** Where the sixteen bytes of the present row's entity begin; -1 where the cell is null. */
  entityAt = -1
  private readonly entityField: number

  constructor(bytes: Buffer, entityField: number) {
    this.bytes = bytes
    this.entityField = entityField
  }

  /** Moves to the next row; false behind the last one. */
  next(): boolean {
    const { bytes } = this
    let at = this.to
    this.from = at
    if (at + 2 > bytes.length) return false
    const fields = bytes.readInt16BE(at)
    if (fields < 0) return false
    at += 2
    for (let i = 0; i < fields; i++) {
      const length = int32At(bytes, at)
      at += 4
      if (i === this.entityField) this.entityAt = length === 16 ? at : -1
      if (length > 0) at += length
    }
    this.to = at
    return true
  }

  /** The entity of the present row, as Postgres spells a uuid. */
  entity(): string {
    const hex = this.bytes.toString('hex', this.entityAt, this.entityAt + 16)
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  }
}

/** Order of the entities of two rows. */
export function compareEntitiesOf(a: CopiedRows, b: CopiedRows): number {
  return a.bytes.compare(b.bytes, b.entityAt, b.entityAt + 16, a.entityAt, a.entityAt + 16)
}

export function int32At(bytes: Buffer, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}
