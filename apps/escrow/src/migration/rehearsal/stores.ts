import { rmSync } from 'node:fs'
import { MongoClient } from 'mongodb'
import mongoose from 'mongoose'
import pg from 'pg'
import { migrateDatabase } from '../../platform/migrate.ts'
import { acquirePostgres, type PostgresServer } from '../../platform/postgres-server.ts'
import { serverFolder } from '../../platform/server-folder.ts'
import { rehearsalDatabase, rehearsalName } from '../landbridge.config.ts'
import { createLegacyCollections } from '../legacy-collections.ts'
import { acquireMongo, type MongoServer } from '../mongo-server.ts'

/** Both stores of a rehearsal, each with a database of its own that the rehearsal may throw away. */
export interface RehearsalStores {
  postgres: PostgresServer
  mongo: MongoServer
  /** Address of the rehearsal's database. */
  postgresUrl: string
  mongoUrl: string
  databaseName: string
  stop(): Promise<void>
}

export interface StoreOptions {
  /** Remove the data of an earlier run first; its databases are dropped in any case. */
  fresh: boolean
  /** Leave the data on the disk at the end. */
  keep: boolean
  onProgress(text: string): void
}

export async function openStores(options: StoreOptions): Promise<RehearsalStores> {
  const postgres = await acquirePostgres({ name: rehearsalName, fresh: options.fresh })
  options.onProgress(postgres.reason)
  let mongo: MongoServer
  try {
    mongo = await acquireMongo({ name: rehearsalName, fresh: true })
  } catch (error) {
    await postgres.stop()
    throw error
  }
  options.onProgress(mongo.reason)
  const stop = async () => {
    await mongo.stop()
    await postgres.stop()
    const folders = [serverFolder(`postgres-${rehearsalName}`), serverFolder(`mongo-${rehearsalName}`)]
    if (options.keep) options.onProgress(`the data of the servers is kept in ${folders.join(' and ')}`)
    else for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
  try {
    const postgresUrl = await freshPostgresDatabase(postgres.url)
    await freshMongoDatabase(mongo.url)
    return { postgres, mongo, postgresUrl, mongoUrl: mongo.url, databaseName: rehearsalDatabase, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function freshPostgresDatabase(serverUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(`drop database if exists ${rehearsalDatabase} with (force)`)
    await client.query(`create database ${rehearsalDatabase}`)
  } finally {
    await client.end()
  }
  const url = new URL(serverUrl)
  url.pathname = `/${rehearsalDatabase}`
  const pool = new pg.Pool({ connectionString: url.toString(), max: 2 })
  try {
    await migrateDatabase(pool)
  } finally {
    await pool.end()
  }
  return url.toString()
}

async function freshMongoDatabase(url: string): Promise<void> {
  await using client = new MongoClient(url, { serverSelectionTimeoutMS: 10_000 })
  await client.db(rehearsalDatabase).dropDatabase()
  const connection = await mongoose
    .createConnection(url, { dbName: rehearsalDatabase, serverSelectionTimeoutMS: 10_000 })
    .asPromise()
  try {
    await createLegacyCollections(connection)
  } finally {
    await connection.close()
  }
}
