/*
 * In CI the same cases run each time, so that red means the change; everywhere else each run looks at new ones, and
 * prints its seed when one fails.
 */
if (process.env.CI === 'true') {
  const { default: fc } = await import('fast-check')
  fc.configureGlobal({ seed: 20_261_124 })
}

export {}
