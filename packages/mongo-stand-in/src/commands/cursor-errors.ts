import { serverError, typeMismatch as wrongType } from '../server-error.ts'

export function typeMismatch() {
  return wrongType("BSON field 'getMore.getMore' is the wrong type, expected type 'long'")
}

export function unauthorizedCursor(ns: string) {
  return serverError(13, 'Unauthorized', `The cursor on ${ns} was not created by this session`)
}

export function otherNamespace(asked: string, ns: string) {
  return serverError(
    13,
    'Unauthorized',
    `Requested getMore on namespace '${asked}', but cursor belongs to a different namespace ${ns}`,
  )
}
