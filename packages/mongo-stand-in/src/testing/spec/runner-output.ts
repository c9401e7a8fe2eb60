/** What became of the official tests, as their runner tells it line by line. */
export interface RunnerOutcome {
  readonly folders: readonly FolderCounts[]
  readonly failures: readonly TestFailure[]
  readonly passed: ReadonlySet<string>
}

export interface FolderCounts {
  readonly folder: string
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export interface TestFailure {
  /** `folder/file.json`. */
  readonly file: string
  /** The test's description. */
  readonly test: string
  readonly message: string
}

const TEST_LINE = /^(PASS|FAIL) (\S+) :: (.*)$/
const FOLDER_LINE = /^(.+): (\d+) passed, (\d+) failed, (\d+) skipped/

/**
 * Reads the runner's output with a line for each test (VERBOSE=1).
 *
 * @throws Error if the output breaks off before the total, or if no test ran at all.
 */
export function parseRunnerOutput(output: string): RunnerOutcome {
  const folders: FolderCounts[] = []
  const failures: TestFailure[] = []
  const passed = new Set<string>()
  let total: FolderCounts | undefined
  for (const line of output.split('\n')) {
    const [, outcome, file = '', rest = ''] = TEST_LINE.exec(line) ?? []
    if (outcome === 'PASS') passed.add(testKey({ file, test: rest }))
    else if (outcome === 'FAIL') failures.push({ file, ...splitMessage(rest) })
    else {
      const counts = folderCounts(line)
      if (counts?.folder === 'TOTAL') total = counts
      else if (counts !== undefined) folders.push(counts)
    }
  }
  if (total === undefined) throw new Error(`The runner ended before it was through. It said:\n${output}`)
  if (total.passed + total.failed === 0) throw new Error('The runner found no test to run')
  if (total.failed !== failures.length)
    throw new Error(`The runner counts ${total.failed} failures but names ${failures.length}`)
  return { folders, failures, passed }
}

/** A test's name that is unique among all folders. */
export function testKey({ file, test }: { file: string; test: string }): string {
  return `${file} :: ${test}`
}

function splitMessage(text: string): { test: string; message: string } {
  const at = text.indexOf(' -- ')
  return at === -1 ? { test: text, message: '' } : { test: text.slice(0, at), message: text.slice(at + 4) }
}

function folderCounts(line: string): FolderCounts | undefined {
  const [, folder, passed, failed, skipped] = FOLDER_LINE.exec(line) ?? []
  if (folder === undefined) return undefined
  return { folder, passed: Number(passed), failed: Number(failed), skipped: Number(skipped) }
}
