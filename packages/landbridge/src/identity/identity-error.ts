/** Stable codes of everything that can go wrong between a legacy id and a UUID. */
export type IdentityErrorCode =
  /** The value is not an ObjectId (nor its 24 hex digits). Declare `identity: 'id-map'` for such a collection. */
  | 'identity-not-an-object-id'
  /** The UUID was not derived from an ObjectId, so no ObjectId can be read out of it. Look it up in `id_map`. */
  | 'identity-foreign-uuid'
  /** The uuids of this collection stand in `id_map`: ask the id map (`resolveUuid`), not the mapping. */
  | 'identity-needs-id-map'
  /** `id_map` has no row for this id. It was never copied, or its row was removed by hand. */
  | 'identity-unknown-id'
  /** `id_map` already has another uuid for this id, or another id for this uuid. One of the two is wrong. */
  | 'identity-taken'

/** An id that cannot be translated; `code` says why and what to do. */
export class IdentityError extends Error {
  readonly code: IdentityErrorCode

  constructor(code: IdentityErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.name = 'IdentityError'
    this.code = code
  }
}
