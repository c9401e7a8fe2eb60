/** The server has broken a rule that every MongoDB keeps. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly code = 'STAND_IN_CRASH_VIOLATION'
  readonly rule: string

  constructor(rule: string, detail: string, options?: ErrorOptions) {
    super(`${rule}: ${detail}`, options)
    this.rule = rule
  }
}

export function assertRule(holds: boolean, rule: string, detail: () => string): void {
  if (!holds) throw new Violation(rule, detail())
}

export const RULES = {
  lostOrTwice: 'no acknowledged write is lost, and none is applied twice',
  reply: 'a reply, also of a retry after a restart, tells what the write did',
  atomic: 'a transaction is there as a whole or not at all',
  order: 'change events come in order, and none twice',
  complete: 'change events, replayed, give the state of the collections',
  errors: 'a write ends with a reply or with a lost connection',
  index: 'an index leads to the documents that are there',
  start: 'a server starts again on what a kill has left',
} as const
