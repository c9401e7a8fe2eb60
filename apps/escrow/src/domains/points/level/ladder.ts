/** A step of the ladder: who ever earned `minPoints` stands on it, or higher. */
export interface LevelStep {
  level: number
  minPoints: number
}

/** The ladder where nobody has configured another; the seed writes the same. */
export const defaultThresholds = [0, 1000, 2500, 5000, 10000] as const

export const defaultLadder: readonly LevelStep[] = defaultThresholds.map((minPoints, index) => ({
  level: index + 1,
  minPoints,
}))

/** The highest step that these points reach; below all of them one stands at the first level. */
export function stepOf(ladder: readonly LevelStep[], lifetimePoints: number): LevelStep {
  return ladder.findLast(({ minPoints }) => minPoints <= lifetimePoints) ?? { level: 1, minPoints: 0 }
}

/** The next step, or null at the top. */
export function nextStepOf(ladder: readonly LevelStep[], lifetimePoints: number): LevelStep | null {
  return ladder.find(({ minPoints }) => minPoints > lifetimePoints) ?? null
}
