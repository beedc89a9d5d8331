"""What Alembic runs: the migrations, on the connection and in the transaction of whoever asks for them."""

from alembic import context

from pipeline.store.models import Base
from pipeline.store.upgrade import VERSION_TABLE

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
