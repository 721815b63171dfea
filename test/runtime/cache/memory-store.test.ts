import { MemoryStore } from '../../../src/runtime/cache/memory-store.js';
import { storeSuite } from './store-suite.js';

storeSuite('memory', (maxBytes) => new MemoryStore(maxBytes));
