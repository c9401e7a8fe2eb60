import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { unreadableDump } from './dump-error.ts'

/** A file of a dump, as `mongodump` writes it or with `--gzip`. */
export interface DumpFile {
  path: string
  isGzip: boolean
}

/** A folder that `mongodump` has written. */
export interface DumpFolder {
  path: string
  database: string
}

/** The documents of a collection. Throws LB_DUMP_UNREADABLE where the dump has none of that name. */
export async function documentsFile(folder: DumpFolder, collection: string): Promise<DumpFile> {
  return found(folder, `${collection}.bson`)
}

export async function metadataFile(folder: DumpFolder, collection: string): Promise<DumpFile> {
  return found(folder, `${collection}.metadata.json`)
}

/** The oplog of the time in which the dump was taken; undefined for a dump without `--oplog`. */
export async function oplogFile(folder: DumpFolder): Promise<DumpFile | undefined> {
  return firstOf([join(folder.path, 'oplog.bson')])
}

/** Either the folder of the whole dump, with a folder for each database, or that of one database may be named. */
async function found(folder: DumpFolder, name: string): Promise<DumpFile> {
  const places = [join(folder.path, folder.database, name), join(folder.path, name)]
  const file = await firstOf(places)
  if (file === undefined) throw unreadableDump(places[0] ?? name, 'does not exist (with or without .gz)')
  return file
}

async function firstOf(places: readonly string[]): Promise<DumpFile | undefined> {
  for (const place of places) {
    if (await exists(place)) return { path: place, isGzip: false }
    if (await exists(`${place}.gz`)) return { path: `${place}.gz`, isGzip: true }
  }
  return undefined
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
