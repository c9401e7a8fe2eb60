/** What a check of the database found; `skipped` says why it could not look. */
export interface Finding {
  check: 'schema changes' | 'drift' | 'index parity' | 'mirrors'
  state: 'good' | 'bad' | 'skipped'
  /** One line for each trouble, or why it was skipped. */
  found: string[]
}

export function findingOf(check: Finding['check'], troubles: string[]): Finding {
  return { check, state: troubles.length === 0 ? 'good' : 'bad', found: troubles }
}
