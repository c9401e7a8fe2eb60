import { readdirSync } from 'node:fs'

/** What kills have left in the data folder: tells whether they have hit the moments that matter. */
export interface SeenFiles {
  look(): void
  readonly checkpoints: number
  /** Checkpoints that a kill interrupted. */
  readonly unfinished: number
  readonly segments: number
}

export function seenFiles(folder: string): SeenFiles {
  const seen = new Set<string>()
  const count = (pattern: RegExp) => [...seen].filter((name) => pattern.test(name)).length
  return {
    look: () => {
      for (const name of readdirSync(folder)) seen.add(name)
    },
    get checkpoints() {
      return count(/^checkpoint-.*\.log$/)
    },
    get unfinished() {
      return count(/^checkpoint-.*\.tmp$/)
    },
    get segments() {
      return count(/^segment-/)
    },
  }
}
