/**
 * An absent value is a missing path in our documents, never a null: so a row without the value rebuilds the very same
 * document.
 */
export function withoutNulls<Fields extends Record<string, unknown>>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<Fields>
}

/** The update that sets what has a value and removes what has none; `undefined` leaves a path alone. */
export function setAndUnset(fields: Record<string, unknown>) {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  const set = Object.fromEntries(given.filter(([, value]) => value !== null))
  const unset = Object.fromEntries(
    given.filter(([, value]) => value === null).map(([path]) => [path, 1 as const]),
  )
  return {
    ...(Object.keys(set).length === 0 ? {} : { $set: set }),
    ...(Object.keys(unset).length === 0 ? {} : { $unset: unset }),
  }
}
