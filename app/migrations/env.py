"""How a migration runs: on the store's own address, in one transaction."""

from alembic import context
from sqlalchemy import create_engine

given = context.config.attributes
engine = create_engine(given["address"])
with engine.connect() as connection:
    context.configure(
        connection=connection, target_metadata=given["metadata"], render_as_batch=True
    )
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
engine.dispose()
