/** The levels that people reach by the points that they ever earned, until an administrator configures others. */
const thresholds = [0, 1000, 2500, 5000, 10000] as const

export interface Level {
  level: number
  minPoints: number
}

const levels: Level[] = thresholds.map((minPoints, index) => ({ level: index + 1, minPoints }))

export function levelOf(lifetimePoints: number): Level {
  return levels.findLast(({ minPoints }) => minPoints <= lifetimePoints) ?? { level: 1, minPoints: 0 }
}

/** The next level, or null at the top. */
export function nextLevelOf(lifetimePoints: number): Level | null {
  return levels.find(({ minPoints }) => minPoints > lifetimePoints) ?? null
}
