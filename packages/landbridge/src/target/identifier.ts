/** A SQL identifier in quotes. The engine's only way to put a name into a statement; values are always bound. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A table with its schema, where it has one. */
export function tableName(table: { name: string; schema?: string }): string {
  return table.schema === undefined
    ? identifier(table.name)
    : `${identifier(table.schema)}.${identifier(table.name)}`
}

/** Identifiers separated by commas. */
export function identifierList(names: readonly string[]): string {
  return names.map(identifier).join(', ')
}
