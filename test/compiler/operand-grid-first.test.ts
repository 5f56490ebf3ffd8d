import { proveGrid } from './prove-grid.ts';

proveGrid(0, 3);
