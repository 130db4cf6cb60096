import pg from 'pg'
import { readVcapServices } from 'vcap-services'
import { readPostgres, toPgOptions } from 'vcap-services/readers'

const services = readVcapServices()

export const pool = new pg.Pool(toPgOptions(readPostgres(services.get({ tag: 'postgresql' }))))
