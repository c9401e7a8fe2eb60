/** Stable codes of mistakes in a mapping's declaration, or of rows that no document can be made of. */
export type MappingErrorCode =
  /** A table or column was declared in a way that the engine cannot read; the message names it and what to write. */
  | 'mapping-invalid'
  /** The type of a column has no codec. Give the field a codec, or list the column in `ignoreColumns`. */
  | 'mapping-column-unsupported'
  /** A path of the Mongoose schema is neither mapped nor dropped. Add it to `fields`, or to `dropped` with a reason. */
  | 'mapping-path-missing'
  /** BSON that is not valid UTF-8 (or not BSON at all). The document stays in quarantine as raw bytes. */
  | 'invalid-utf8'
  | 'invalid-bson'
  /** The BSON library would change the document while reading or writing it (a key twice, a date out of range). */
  | 'bson-not-exact'
  /** A row of Postgres cannot be told as a document: its value has no BSON form. Mend the row. */
  | 'row-not-mappable'

/** A fault in a mapping or in what it was given; `code` is stable, the message names the place and the remedy. */
export class MappingError extends Error {
  readonly code: MappingErrorCode

  constructor(code: MappingErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'MappingError'
    this.code = code
  }
}
