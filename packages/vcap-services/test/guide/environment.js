import { existsSync } from 'node:fs'
import { readVcapApplication, readVcapServices } from 'vcap-services'
import { readDumpFile } from 'vcap-services/dump'

const { isLocal, port } = readVcapApplication()
const file = process.env.LOCAL_SERVICES ?? 'default-env.json'

// On the platform its own variables count, and nothing else is read.
const env = isLocal && existsSync(file) ? { ...readDumpFile(file).env, ...process.env } : process.env

export const services = readVcapServices({ env })
export const listenOn = port ?? 8080
